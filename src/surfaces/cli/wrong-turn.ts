import type { Command, CommanderError } from 'commander';
import { AppError, unknownName } from '../../kernel/errors.ts';
import type { NothingCalled } from './room.ts';

/** What of a command line cannot be understood ends in an error of ours, in the words of ours: the library has English ones alone. */
export function refuseWrongTurns(command: Command): void {
  command
    .exitOverride((error) => {
      throw wrongTurn(command, error) ?? error;
    })
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: () => undefined });
  command.commands.forEach(refuseWrongTurns);
}

/** What the library's error says, as ours; undefined where it only ends a page of help. */
function wrongTurn(command: Command, { code, message }: CommanderError): AppError | undefined {
  const [, quoted = ''] = /'(.*)'/s.exec(message) ?? [];
  const subcommands = command.commands.map((each) => each.name());
  switch (code) {
    case 'commander.unknownCommand':
      return unknownName('command', command.args[0]!, subcommands);
    case 'commander.unknownOption':
      return unknownName('option', quoted, optionsOf(command));
    case 'commander.missingArgument':
      return new AppError('word_missing', { word: `<${quoted}>`, command: nameOf(command) });
    case 'commander.optionMissingArgument':
    case 'commander.missingMandatoryOptionValue':
      return new AppError('word_missing', { word: quoted, command: nameOf(command) });
    case 'commander.excessArguments': {
      const words = command.args.slice(command.registeredArguments.length);
      if (subcommands.length > 0) return unknownName('command', words[0]!, subcommands);
      return new AppError('word_left_over', { words, command: nameOf(command) });
    }
    default:
      return undefined;
  }
}

/** Refuses what the simulator refuses, in the words of everything else. */
export function refuseAlike(error: Error | NothingCalled): never {
  throw 'thing' in error ? unknownName(error.thing, error.given, error.known) : error;
}

/** The options of a command and of those that it stands below. */
function optionsOf(command: Command): string[] {
  const own = command.options.flatMap(({ long }) => long ?? []);
  return [...own, ...(command.parent ? optionsOf(command.parent) : ['--help'])];
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}
