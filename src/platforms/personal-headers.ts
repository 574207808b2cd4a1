/** Headers whose cells name or reach a person, in the languages the exports come in; rather too many than one too few. */
const PERSONAL = new RegExp(
  [
    // who
    'buyer', 'recipient', 'receiver', 'consignee', 'customer', 'client', 'comprador', 'destinat', 'acheteur', 'acquirente', 'k[äa]ufer', 'kunde', 'empf[äa]nger',
    '(first|last|full|middle|family|given|user|sur|nick).?name', '(ship|bill|deliver|invoice|post)(ping|ing|ed|y)?( to)?.?name', '^(name|nombre|nome|nom)$', '\\bname \\(',
    'apellido', 'pr[ée]nom', 'vorname', 'nachname', 'cognome', 'nombre completo', 'nome completo', 'nom (complet|de famille)', 'company', 'raz[oó]n social', 'person', 'titular', 'card.?holder', 'usuario', 'usu[aá]rio', 'login', 'birth', 'nacimiento', 'geburt', 'passport', 'iban', '\\battn\\b', 'creator handle', 'checked marked by',
    '收件人', '收货人', '买家', '客户', '姓名', '昵称', '身份证', '税号',
    // where
    'add?ress', 'street', 'stra(ß|ss)e', 'anschrift', 'direcci[oó]n', 'indirizzo', 'endere[cç]o', 'domicilio', '\\b(calle|rue|via|rua)\\b', 'logradouro', 'hausnummer', 'bairro', 'complemento', '地址',
    'zip(?!per)', 'post.?(al|code)', '\\b(plz|cap|cep)\\b', '邮编', '邮政编码',
    // by what they are reached or known
    'e-?mail', 'correo', 'courriel', 'phone', 'mobile', '\\btel\\b', 't[eé]l[eé]f', 'm[oó]vil', 'celular', 'cellular', 'whats.?app', 'contact', '电话', '手机', '邮箱',
    'tax.?(no|id|number)', 'vat.?(no|number|id)', '\\b(cpf|cnpj|dni|nif|nie|cif)\\b', 'codice fiscale', 'invoice.?number', 'purchase.?order.?number', 'license.?plate',
    'tracking', 'rastreio', 'carta de porte', '运单号', '物流单号',
    // what they wrote
    'message', '\\bnot(e|a)s?\\b', 'comment', 'remark', 'instructions', 'customi[sz]ed', 'mensaje', 'mensagem', 'observaci', '留言', '备注',
  ].join('|'),
  'iu',
);
/** "Buyer Service Fee" is an amount of the order, not of the buyer. */
const FIGURE = /\b(?:fee|amount|discount|price|count)$/iu;

/** Whether a column says by its header that it is about a person. */
export function soundsPersonal(header: string): boolean {
  const name = header.trim().replaceAll('_', ' ');
  return PERSONAL.test(name) && !FIGURE.test(name);
}
