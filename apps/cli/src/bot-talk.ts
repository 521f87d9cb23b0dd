import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { readGivenFile } from '@parley/server/given-file'
import type { LocalTalk } from '@parley/server/builder-talk'
import { Command } from 'commander'
import * as z from 'zod'
import { showTurn } from './bot-lines.ts'
import { collect } from './collect.ts'
import { fromCaller, writableDataFolder } from './folders.ts'
import { collectHosts } from './option-values.ts'
import { writeOut } from './visible.ts'

interface TalkOptions {
  answers?: string
  facts?: string
  allow?: string[]
  private?: string[]
  account: string
  codeLimit?: string
  data?: string
}

const INTENT = '/intent '

/** Talks to the bot of an export at the terminal: one line is one message. */
export function botTalkCommand(): Command {
  return new Command('talk')
    .description('talk to the bot of an export here, without deploying it')
    .argument('<file>', 'an export of Conversation Builder')
    .option('--answers <file>', 'canned answers of integrations, JSON by their names')
    .option('--facts <file>', 'what the bot knows of the conversation, JSON')
    .option('--allow <host>', 'let integrations call this host; may be repeated', collectHosts)
    .option(
      '--private <host:port>',
      'let them call this private or local address; may be repeated',
      collect,
    )
    .option('--account <id>', 'account id that the bot sees', '12345678')
    .option('--code-limit <ms>', 'time for one piece of code (default: that of functions)')
    .option('--data <folder>', 'where the sandbox keeps what it has built (default: .parley)')
    .addHelpText(
      'after',
      `
Lines that you write are messages. "/intent <name>" makes the next one mean that intent. Ctrl-D ends.
What the bot notes for support (failures, names that are not there, debug messages) is printed as notes.

Facts: {"currentSkillId": "7", "customerInfo": {"ctype": "vip"}, "location": {"city": "Berlin"}, "environment": {"UNIT": "C"}}
Canned answers: {"Weather": {"status": 200, "body": {"sky": "clear"}}, "Shop": {"failed": "not reachable"}}

Examples:
  parley bot talk pizza.json
  parley bot talk pizza.json --answers answers.json
  parley bot talk pizza.json --allow api.example.com
`,
    )
    .action(async (file: string, options: TalkOptions) => {
      // Loaded only now: the other commands need no sandbox.
      const { readExport } = await import('@parley/server/builder-file')
      const { CannedAnswers, GivenFacts, openLocalTalk } =
        await import('@parley/server/builder-talk')
      const { bot } = readExport(readGivenFile(fromCaller(file)))
      const answers = readJsonFile(CannedAnswers, '--answers', options.answers)
      const facts = readJsonFile(GivenFacts, '--facts', options.facts)
      const codeMs = readLimit(options.codeLimit)
      await using talk = await openLocalTalk(bot, {
        cacheDir: join(writableDataFolder(options.data), 'sandbox'),
        accountId: options.account,
        answers,
        facts,
        allowed: options.allow ?? [],
        privateTargets: options.private ?? [],
        ...(codeMs !== undefined && { codeMs }),
      })
      await converse(talk)
    })
}

async function converse(talk: LocalTalk): Promise<void> {
  const { stdin: input, stdout: output } = process
  const isPerson = input.isTTY
  const lines = createInterface({ input, ...(isPerson && { output, prompt: '> ' }) })
  let intent: string | undefined
  if (isPerson) lines.prompt()
  for await (const line of lines) {
    if (!isPerson && line.trim() !== '') writeOut(`> ${line}\n`)
    if (line.startsWith(INTENT)) intent = line.slice(INTENT.length).trim()
    else if (line.trim() !== '') {
      const { notes, outputs } = await talk.say(line, intent)
      intent = undefined
      writeOut(showTurn(outputs, notes))
    }
    if (talk.hasEnded()) break
    if (isPerson) lines.prompt()
  }
  lines.close()
}

/** @throws an `Error` that names the option, the file and what is wrong in it */
function readJsonFile<Value>(
  schema: z.ZodType<Value>,
  option: string,
  file: string | undefined,
): Value {
  let value: unknown = {}
  try {
    if (file !== undefined) value = JSON.parse(readGivenFile(fromCaller(file)))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new Error(`${option}: ${file} is not JSON: ${cause.message}`, { cause })
  }
  const read = schema.safeParse(value)
  if (read.success) return read.data
  throw new Error(`${option}: ${file}: ${z.prettifyError(read.error)}`)
}

function readLimit(given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const ms = Number(given)
  if (Number.isInteger(ms) && ms > 0) return ms
  throw new Error(`--code-limit: must be a number of milliseconds, it is "${given}"`)
}
