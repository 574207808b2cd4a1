import { Help, type Command, type Option } from 'commander';
import { fill, type Language, type Text } from '../../kernel/messages.ts';
import { lettersOf, wrapped } from './terminal-text.ts';

/** A line as one types it after `s7`, and what it is for where the line does not say so itself. */
export type Example = string | readonly [line: string, meant: Text];

/** What stands below the options of a page of help. */
export interface HelpEnd {
  readonly notes?: Text;
  readonly examples: readonly Example[];
}

/** What many commands say alike. */
export const HELP = {
  json: { en: 'for programs', zh: '输出 JSON，供程序使用', es: 'en JSON, para programas' },
  shop: { en: 'one shop by its name', zh: '店铺名称', es: 'una tienda, por su nombre' },
  dryRun: {
    en: 'preview: read and check everything, save nothing',
    zh: '预览：读取并检查全部内容，不保存',
    es: 'vista previa: leer y comprobar todo, sin guardar nada',
  },
} as const satisfies Record<string, Text>;

/** The library's own words. */
const TITLES: Readonly<Record<string, Text>> = {
  'Usage:': { en: 'Usage:', zh: '用法：', es: 'Uso:' },
  'Arguments:': { en: 'Arguments:', zh: '参数：', es: 'Argumentos:' },
  'Options:': { en: 'Options:', zh: '选项：', es: 'Opciones:' },
  'Commands:': { en: 'Commands:', zh: '命令：', es: 'Órdenes:' },
  'Examples:': { en: 'Examples:', zh: '示例：', es: 'Ejemplos:' },
};
const USAGE: Readonly<Record<string, Text>> = {
  '[options]': { en: '[options]', zh: '[选项]', es: '[opciones]' },
  '[command]': { en: '[command]', zh: '[命令]', es: '[orden]' },
};
const HELP_OPTION: Text = { en: 'show this page', zh: '显示本帮助', es: 'mostrar esta ayuda' };
const HELP_COMMAND: Text = { en: 'show the help of a command', zh: '显示某个命令的帮助', es: 'mostrar la ayuda de una orden' };

const INDENT = 2;
/** A description that has less room than this beside its term goes below it. */
const LITTLE_ROOM = 30;
const BELOW = 6;

const ENDS = new WeakMap<Command, HelpEnd>();

/** Gives the command what stands below its options. */
export function withEnd(command: Command, end: HelpEnd): Command {
  ENDS.set(command, end);
  return command;
}

/** Has the command and those below it tell of themselves in a language, as wide as the terminal is. */
export function speakHelp(command: Command, language: Language): void {
  command.createHelp = () => new HelpPage(language);
  for (const each of command.commands) speakHelp(each, language);
}

/** A page of help, which the library asks for its parts. */
class HelpPage extends Help {
  readonly #language: Language;

  constructor(language: Language) {
    super();
    this.#language = language;
  }

  override formatHelp(command: Command, helper: Help): string {
    const usage = this.styleTitle('Usage:');
    // No space stands beside a full-width mark.
    const page = super.formatHelp(command, helper).replace(`${usage} `, usage.endsWith('：') ? usage : `${usage} `);
    return `${page}${this.#end(ENDS.get(command))}\n`;
  }

  override styleTitle(title: string): string {
    return this.#say(TITLES[title]!);
  }

  override styleUsage(usage: string): string {
    return usage.replace(/\[(?:options|command)\]/g, (word) => this.#say(USAGE[word]!));
  }

  override optionDescription(option: Option): string {
    return option.long === '--help' ? this.#say(HELP_OPTION) : super.optionDescription(option);
  }

  override subcommandDescription(command: Command): string {
    return command.name() === 'help' ? this.#say(HELP_COMMAND) : super.subcommandDescription(command);
  }

  /** The name alone: what it takes stands on its own page. */
  override subcommandTerm(command: Command): string {
    return command.name();
  }

  override displayWidth(text: string): number {
    return lettersOf(text);
  }

  override boxWrap(text: string, width: number): string {
    return wrapped(text, width);
  }

  override formatItem(term: string, termWidth: number, description: string): string {
    const begin = ' '.repeat(INDENT) + term;
    if (description === '') return begin;
    const beside = INDENT + termWidth + INDENT;
    const isNarrow = this.#width - beside < LITTLE_ROOM;
    const column = isNarrow ? BELOW : beside;
    const lines = wrapped(description, this.#width - column).replaceAll('\n', `\n${' '.repeat(column)}`);
    return isNarrow ? `${begin}\n${' '.repeat(column)}${lines}` : begin + ' '.repeat(column - lettersOf(begin)) + lines;
  }

  #end({ notes, examples }: HelpEnd = { examples: [] }): string {
    const [lines, meanings] = [
      examples.map((example) => `$ ${typeof example === 'string' ? example : example[0]}`),
      examples.map((example) => (typeof example === 'string' ? '' : this.#say(example[1]))),
    ];
    const widest = Math.max(...lines.filter((_, at) => meanings[at] !== '').map(lettersOf));
    return [
      ...(notes ? [wrapped(this.#say(notes), this.#width), ''] : []),
      ...(examples.length > 0 ? [this.styleTitle('Examples:')] : []),
      ...lines.map((line, at) => this.formatItem(line, widest, meanings[at]!)),
    ]
      .map((line) => `\n${line}`)
      .join('');
  }

  get #width(): number {
    return this.helpWidth ?? Infinity;
  }

  #say(text: Text): string {
    return fill(text, this.#language);
  }
}
