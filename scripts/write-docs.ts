/**
 * Writes what is derived from the code: docs/errors.md, docs/alerts.md, docs/limits.md, docs/reports.md, docs/mapping.md, its JSON schema,
 * .env.example, the examples of the OpenAPI documents. With --check it only compares.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ALERT_KINDS } from '../src/jobs/alerts/alert-kinds.ts';
import { settingsSchema } from '../src/config.ts';
import { ERRORS } from '../src/kernel/error-table.ts';
import { LIMITS, shownLimit, type LimitName } from '../src/kernel/limits.ts';
import { fill } from '../src/kernel/messages.ts';
import { reports } from '../src/reports/all.ts';
import { commonParameters } from '../src/reports/parameters.ts';
import { unitOf } from '../src/reports/report.ts';
import { mappingDocs } from './mapping-docs.ts';
import { exampleAnswers } from './report-files.ts';

const NOTE = '<!-- Written by scripts/write-docs.ts; change the code, then run `npm run docs`. -->';

/** Every generated file by its path, as it should be. */
export function generatedDocs(): Record<string, string> {
  const mapping = mappingDocs();
  return {
    'docs/errors.md': errors(),
    'docs/alerts.md': alerts(),
    'docs/limits.md': limits(),
    'docs/reports.md': reportPages(),
    'docs/mapping.md': mapping.markdown,
    'docs/mapping.schema.json': mapping.schema,
    '.env.example': settings(),
    'src/reports/examples.json': `${JSON.stringify(exampleAnswers(reports), null, 1)}\n`,
  };
}

/** Where a generated file stands. */
export function pathOf(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}

function errors(): string {
  const rows = Object.entries(ERRORS).map(
    ([name, { number, status, retryable, message, hint }]) =>
      `| ${number} | \`${name}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${cell(message.en)}<br>${cell(message.zh)} | ` +
      `${cell(hint.en)} |`,
  );
  return `# Errors\n\n${NOTE}\n\nEvery error answers with a fitting HTTP status and
\`{ "code", "msg", "error", "name", "hint", "details", "request_id" }\`; \`code\` is never 0. "Again" says whether the same call may
succeed later.

| code | name | HTTP | again | what is wrong | what to do |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

function limits(): string {
  const rows = Object.entries(LIMITS).map(
    ([name, { what, unit, why }]) =>
      `| \`${name}\` | ${cell(what.en)}<br>${cell(what.zh)} | ${shownLimit(name as LimitName)}${unit === 'seconds' ? ' s' : ''} | ` +
      `${cell(why)} |`,
  );
  return `# Limits\n\n${NOTE}\n\nWhat comes in from outside, and how much of it at most. What goes beyond is refused with \`limit_exceeded\`, which names the limit in \`details\`, before
anything of it is stored; the server and everybody else go on. There is no limit on how long an upload takes, only on how long it stands
still.

| limit | of | at most | of which inputs, and why |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

const ALERTS_INTRO = `A server tells what needs attention, once when it begins and once when it is over. It looks every half minute and after each sync.
The alerts of now stand on the start page, at \`/api/alerts\`, in \`s7 doctor\` and in \`s7 alerts\`.

\`\`\`sh
npx s7 alerts          # exit code 0: nothing, 1: a warning, 2: something critical; fit for a monitoring system
npx s7 alerts test     # sends a test to every channel that is set up
\`\`\`

Channels are mail (\`S7_SMTP_URL\`, \`S7_ALERT_MAIL_TO\`), 企业微信 (\`S7_ALERT_WECOM_URL\`), 钉钉 (\`S7_ALERT_DINGTALK_URL\`, signed with
\`S7_ALERT_DINGTALK_SECRET\`) and Slack (\`S7_ALERT_SLACK_URL\`), in the language of \`S7_LANG\`. A channel that fails is tried again after
a pause that grows
to an hour, and \`s7 doctor\` names it. A server killed between sending and noting says that alert once more. A mail password goes to
another machine over TLS only.`;

function alerts(): string {
  const rows = ALERT_KINDS.map(
    ({ name, severity, when, raised, todo }) =>
      `| \`${name}\` | ${severity} | ${cell(when)} | ${cell(fill(raised, 'en'))}<br>${cell(fill(raised, 'zh'))} | ${cell(todo.en)} |`,
  );
  return `# Alerts\n\n${NOTE}\n\n${ALERTS_INTRO}

| kind | severity | when | says | what to do |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

function reportPages(): string {
  const parameters = (shape: Record<string, z.ZodType>): string =>
    Object.entries(shape)
      .map(([name, schema]) => {
        const { enum: choices, default: standard } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
          enum?: string[];
          default?: unknown;
        };
        return (
          `| \`${name}\` | ${choices ? choices.map((choice) => `\`${choice}\``).join(' ') : ''} | ` +
          `${standard === undefined ? '' : `\`${String(standard)}\``} | ${cell(schema.description ?? '')} |`
        );
      })
      .join('\n');
  const examples = exampleAnswers(reports);
  const exampleOf = (name: string, table: string, column: string): string => {
    const rows = (examples[name] as Record<string, Record<string, unknown>[]> | undefined)?.[table] ?? [];
    const value = rows.map((row) => row[column]).find((each) => each !== null && each !== undefined);
    return value === undefined ? '' : `\`${cell(typeof value === 'string' ? value : JSON.stringify(value))}\``;
  };
  const head = '| parameter | values | default | meaning |\n|---|---|---|---|\n';
  const pages = reports.map(({ name, version, title, question, rows, parameters: own, tables }) =>
    [
      `## ${name} · ${title.zh} · ${title.es}\n\n${question.en} Version ${version}; ` +
        `${rows >= 100_000 ? 'every row' : `${rows} rows`} unless \`limit\` says otherwise.`,
      Object.keys(own.shape).length > 0 ? head + parameters(own.shape) : '',
      ...Object.entries(tables).map(
        ([table, { row, title: tableTitle }]) =>
          `**\`${table}\`** ${tableTitle.en}\n\n| column | unit | meaning | example |\n|---|---|---|---|\n${Object.entries(row.shape)
            .map(
              ([column, schema]) =>
                `| \`${column}\` | ${unitOf(schema)} | ${cell(schema.description ?? '')} | ${exampleOf(name, table, column)} |`,
            )
            .join('\n')}`,
      ),
    ]
      .filter(Boolean)
      .join('\n\n'),
  );
  return `# Reports\n\n${NOTE}\n\nEach answers at \`/api/{P}/DataScience/{Report}\` with \`_7d\`, \`_30d\`, \`_all\` or nothing at its end, and with \`get\` before its name;
\`{P}\` is TikTok, Shein, Amazon, Other or Multiplatform. On the command line: \`s7 report {Report}\`, the parameters as options (\`asOf\`
is \`--as-of\`).

## Parameters of every report\n\n${head}${parameters(commonParameters.shape)}\n\n${pages.join('\n\n')}\n`;
}

function settings(): string {
  const lines = Object.entries(settingsSchema.shape).map(([name, schema]) => {
    const { default: standard } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as { default?: unknown };
    return `# ${schema.description}\n#${name}=${standard === undefined ? '' : String(standard)}\n`;
  });
  return `# Copy to .env and take the # away where you want another value. The environment wins over this file.\n\n${lines.join('\n')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  const stale = Object.entries(generatedDocs()).filter(
    ([file, text]) => !existsSync(pathOf(file)) || readFileSync(pathOf(file), 'utf8') !== text,
  );
  if (!check) for (const [file, text] of stale) writeFileSync(pathOf(file), text);
  for (const [file] of stale) console.log(check ? `${file} is not what the code says: run \`npm run docs\`` : `${file} written`);
  if (check && stale.length > 0) process.exitCode = 1;
}
