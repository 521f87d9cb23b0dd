import { type BotWarning, counted } from '@parley/contract'
import { checkBot, readExport } from '@parley/server/builder-file'
import { readGivenFile } from '@parley/server/given-file'
import { Command } from 'commander'
import { collect } from './collect.ts'
import { fromCaller } from './folders.ts'
import { writeOut } from './visible.ts'

/** Tells what an export uses, which hosts it needs and what will not run. */
export function botCheckCommand(): Command {
  return new Command('check')
    .description(
      'list what an export uses, which hosts it calls, what is not there and what will not run',
    )
    .argument('<file>', 'an export of Conversation Builder')
    .option('--accept <member>', 'warn of this member only; may be repeated', collect)
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Exits 1 when something will not run. Conversation Builder switches "changeResponse" and "cancelResponse" on by itself, and no public
source says what they do: accept them for a bot that can do without.

Examples:
  parley bot check pizza.json
  parley bot check pizza.json --accept changeResponse --accept cancelResponse
`,
    )
    .action((file: string, options: { accept?: string[]; json?: boolean }) => {
      const { bot } = readExport(readGivenFile(fromCaller(file)))
      const check = checkBot(bot, options.accept ?? [])
      if (options.json) writeOut(`${JSON.stringify(check, null, 2)}\n`)
      else {
        const { conversationMessage, groups, responder } = bot
        writeOut(
          [
            `"${bot.bot.name}": ${counted(groups.length, 'dialog')}, ${counted(conversationMessage.length, 'interaction')}, ${counted(responder.length, 'integration')}`,
            ...section('Uses', Object.entries(check.uses).map(usesOf)),
            ...section('Calls these hosts, which must be allowed', check.hosts),
            ...section('Warnings', check.warnings.map(lineOf)),
            ...section('Will not run', check.failures.map(lineOf)),
            closing(check),
          ].join('\n'),
        )
        writeOut('\n')
      }
      if (check.failures.length > 0) process.exitCode = 1
    })
}

function closing({ failures, warnings }: { failures: unknown[]; warnings: unknown[] }): string {
  if (failures.length > 0) {
    return `Not all of it runs: ${counted(failures.length, 'part does', 'parts do')} not.`
  }
  return warnings.length > 0 ? 'It runs, but for what the warnings say.' : 'Everything in it runs.'
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)]
}

function usesOf([kind, names]: [string, Record<string, number>]): string {
  const each = Object.entries(names).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `${kind}: ${each.map(([name, count]) => `${name} ${count}`).join(', ')}`
}

function lineOf({ interaction, what }: BotWarning): string {
  return `${interaction}: ${what}`
}
