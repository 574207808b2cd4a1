import type { LaterFile } from '../later-file.ts';

/** Amazon's reports of money and returns. */
export const laterFiles: readonly LaterFile[] = [
  {
    title: { en: 'an Amazon settlement report', zh: 'Amazon 结算报告', es: 'un informe de liquidación de Amazon' },
    headers: [['settlement-id', 'deposit-date', 'total-amount', 'transaction-type']],
  },
  {
    title: {
      en: 'an Amazon date range transaction report',
      zh: 'Amazon 日期范围交易报告',
      es: 'un informe de transacciones por intervalo de fechas de Amazon',
    },
    headers: [
      ['date/time', 'settlement id', 'product sales'],
      ['Datum/Uhrzeit', 'Abrechnungsnummer', 'Umsätze'],
      ['date/heure', 'numéro de versement', 'ventes de produits'],
      ['fecha y hora', 'identificador de pago', 'ventas de productos'],
      ['fecha/hora', 'Id. de liquidación', 'ventas de productos'],
      ['Data/Ora:', 'Numero pagamento', 'Vendite'],
      ['日付/時間', '決済番号', '商品売上'],
    ],
  },
  {
    title: {
      en: 'an Amazon FBA customer returns report',
      zh: 'Amazon FBA 买家退货报告',
      es: 'un informe de devoluciones de clientes de Logística de Amazon',
    },
    headers: [['return-date', 'order-id', 'fnsku', 'license-plate-number']],
  },
  {
    title: { en: 'an Amazon returns report', zh: 'Amazon 退货报告', es: 'un informe de devoluciones de Amazon' },
    headers: [['Order ID', 'Return request date', 'Amazon RMA ID']],
  },
];
