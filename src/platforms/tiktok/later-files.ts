import type { LaterFile } from '../later-file.ts';

/** TikTok Shop's exports of money and returns. */
export const laterFiles: readonly LaterFile[] = [
  {
    title: {
      en: 'a TikTok Shop settlement export',
      zh: 'TikTok Shop 结算导出文件',
      es: 'una exportación de liquidaciones de TikTok Shop',
    },
    headers: [
      // TikTok has written the first column with either stroke, and its settled and unsettled sheets differ in the second.
      ['Order/adjustment ID', 'Total settlement amount'],
      ['Order\\adjustment ID', 'Total settlement amount'],
      ['Order/adjustment ID', 'Total estimated settlement amount'],
      ['ID Pesanan/Penyesuaian', 'Jumlah penyelesaian pembayaran'],
      ['ID Pesanan/Penyesuaian', 'Jumlah penyelesaian pesanan'],
    ],
  },
  {
    title: { en: 'a TikTok Shop returns export', zh: 'TikTok Shop 退货导出文件', es: 'una exportación de devoluciones de TikTok Shop' },
    headers: [['Return Order ID', 'Order ID', 'Return Logistics Tracking ID']],
  },
];
