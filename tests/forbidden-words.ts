import type { Language } from '../src/kernel/messages.ts';

/** A word that no text for people may hold, and why; names of settings, columns and commands are no words. */
export interface ForbiddenWord {
  readonly language: Language | 'any';
  readonly word: RegExp;
  readonly why: string;
}

const any = (word: RegExp, why: string): ForbiddenWord => ({ language: 'any', word, why });
const en = (word: RegExp, why: string): ForbiddenWord => ({ language: 'en', word, why });
const zh = (word: RegExp, why: string): ForbiddenWord => ({ language: 'zh', word, why });
const es = (word: RegExp, why: string): ForbiddenWord => ({ language: 'es', word, why });

export const FORBIDDEN_WORDS: readonly ForbiddenWord[] = [
  any(/\bGMV\b/, 'sales before discounts: gross sales, 折前销售额, ventas brutas'),
  any(/\bROW\b/, 'TikTok Shop Europe etc. (not US)'),
  en(/\bconsent/i, 'authorisation: consent is what GDPR asks for'),
  en(/authoriz/i, 'British English: authorise'),
  en(/\bthis window|the window\b/i, 'period: a window is a pane'),
  en(/\bnull\b/i, 'not known: null reads as zero'),
  en(/quarantine|set aside/i, 'incomplete records'),
  en(/b(?:ring|rought)\b.*\bhome/i, 'sync'),
  en(/(?<!access |refresh )\btokens?\b/i, "access: tokens are programmers', save as names of fields"),
  en(/\bscopes?\b/i, 'permission'),
  en(/\bplease\b|\b(?:don|can|won|isn|doesn|aren)['’]t\b/i, 'imperative, without please and contractions'),
  zh(/令牌/, "访问凭证: 令牌 is programmers'"),
  zh(/隔离/, '信息不全的记录'),
  zh(/重放/, "重新解析: 重放 is programmers'"),
  zh(/窗口/, '时间范围, 时段'),
  zh(/拉取/, '同步'),
  zh(/净销售额/, '折后销售额: 净销售额 also subtracts returns'),
  zh(/空值|为空(?!，无需)/, '未知: an empty value reads as zero'),
  zh(/客户/, '买家'),
  zh(/对账/, '与平台核对: 对账 is for settlements'),
  zh(/单据/, '平台原始数据: 单据 is paper'),
  zh(/货币/, '币种'),
  zh(/市场/, '站点: 市场 is vague'),
  zh(/增长率|同期群|成熟度/, "环比, 首单月份, 仍可能变动: statisticians'"),
  zh(/区域/, '地区: one word for one thing'),
  zh(/冻结/, '处理中: 冻结 reads as a penalty'),
  zh(/收入/, '销售额: 收入 is money received'),
  zh(/连接店铺|店铺.{0,8}未连接|重新连接/, '授权店铺'),
  zh(/[您你]/, 'nobody is addressed'),
  zh(/试运行/, '预览（不保存）'),
  zh(/[\u4e00-\u9fff],|[\u4e00-\u9fff];|[\u4e00-\u9fff]:(?!\/)/, 'full-width marks'),
  es(/fichero/i, "archivo: fichero is IT's word"),
  es(/\bnul[oa]s?\b/i, 'sin dato: nulo reads as zero, of an invoice as void'),
  es(/almac[eé]n\b/i, 'stock: almacén is a warehouse'),
  es(/credencial/i, "acceso: credencial is programmers'"),
  es(/consentimiento/i, 'autorización: consentimiento is GDPR'),
  es(/reclamaci[oó]n/i, 'solicitud de devolución: reclamación is a complaint'),
  es(/\bventanas?\b/i, 'periodo: ventana is a pane'),
  es(/\bcuotas?\b/i, 'límite, % del total: cuota is a fee'),
  es(/cuarentena|\bapartad[oa]s\b/i, 'registros incompletos'),
  es(/\bmercados?\b/i, 'país: mercado is vague'),
  es(/direcci[oó]n(?:es)? de retorno/i, 'URL de redirección: where parcels go back'),
  es(/ventas? netas?/i, 'ventas tras descuentos: neto is without VAT'),
  es(/(?:precio|envío) de lista/i, 'precio original'),
  es(/\bcostos?\b/i, 'coste'),
  es(/tasa de IVA/i, 'tipo de IVA'),
  es(/\bclientes?\b(?! de Logística)/i, 'comprador; Amazon’s own names of files stay'),
  es(/subvenci[oó]n/i, 'bonificación: subvención is state aid'),
  es(/correspondencia/i, 'asignación de columnas: correspondencia is mail'),
  es(/conciliaci[oó]n|madurez/i, "cuadre, aún puede cambiar: accountants' and statisticians'"),
  es(/\bcomputadora|\bcelular\b/i, 'ordenador, móvil'),
  es(/[\d}] %/, 'U+00A0 before %'),
];

/** The texts in three languages that a source holds: what follows `en:`, `zh:`, `es:`, put together where it is in parts. */
export function textsIn(source: string): { readonly language: Language; readonly text: string }[] {
  const parts = /\b(en|zh|es):\s*((?:(['"`])(?:\\.|(?!\3)[^\\])*\3\s*\+?\s*)+)/gs;
  const string = /(['"`])((?:\\.|(?!\1)[^\\])*)\1/gs;
  return [...source.matchAll(parts)].map(([, language, literals]) => ({
    language: language as Language,
    text: [...literals!.matchAll(string)].map(([, , text]) => text!).join(''),
  }));
}
