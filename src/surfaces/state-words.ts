import type { Text } from '../kernel/messages.ts';

/** How a shop is connected, and how an authorisation stands, in words for people. */
export const CONNECTION_WORDS = {
  connected: { en: 'connected', zh: '已授权', es: 'conectada' },
  active: { en: 'valid', zh: '有效', es: 'válida' },
  lost: { en: 'authorise again', zh: '需重新授权', es: 'volver a autorizar' },
  disconnected: { en: 'not syncing', zh: '已停止同步', es: 'sin sincronizar' },
  files: { en: 'files only', zh: '仅文件导入', es: 'solo archivos' },
} as const satisfies Record<string, Text>;

/** How a run or an import ended, or that it goes on. */
export const RUN_WORDS = {
  done: { en: 'done', zh: '已完成', es: 'completada' },
  running: { en: 'running', zh: '进行中', es: 'en curso' },
  failed: { en: 'failed', zh: '失败', es: 'fallida' },
  interrupted: { en: 'interrupted', zh: '已中断', es: 'interrumpida' },
  stopped: { en: 'stopped', zh: '已停止', es: 'parada' },
} as const satisfies Record<string, Text>;
