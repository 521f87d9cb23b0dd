import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readGivenFile } from '@parley/server/given-file'
import { Command } from 'commander'
import { serverAddress } from './option-values.ts'
import { type Connection, type ConnectionOptions, findConnection } from './connection.ts'
import type { OwnFunction } from './demo/play-own.ts'
import { runDemo } from './demo/run-demo.ts'
import { openStage } from './demo/stage.ts'
import { callersFolder, fromCaller } from './folders.ts'
import { outliveReader } from './reader.ts'
import { findWorld, openAdminSession } from './session/open-session.ts'

const WELCOME = join(import.meta.dirname, 'demo', 'welcome.js')

interface DemoOptions extends ConnectionOptions {
  code?: string
  say: string
}

/** Plays one conversation against the running server: what the consumer sees, and what made it so. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('play a conversation that a deployed function answers')
    .option(
      '--url <url>',
      'address of the server (default: that of parley dev in this project, or http://127.0.0.1:4800)',
      serverAddress,
    )
    .option('--data <folder>', 'data directory of that server (default: its own, or .parley)')
    .option('--code <file>', 'your own function for Messaging New Conversation, .js or .ts')
    .option('--say <text>', 'first message of the consumer', 'Hello! Is anybody there?')
    .addHelpText(
      'after',
      `
Without --code it shows one conversation in every detail, then a day of six events. With --code it shows what your
function says in its log, answers and asks for.

Examples:
  parley demo
  parley demo --code hello.js --say 'Where is my order?'
`,
    )
    .action(async (options: DemoOptions) => {
      const connection = connectionFor(options)
      const own = options.code === undefined ? undefined : readOwn(options.code)
      const session = await openAdminSession(connection)
      outliveReader()
      const stage = openStage(process.stdout)
      const code = readFileSync(WELCOME, 'utf8')
      await runDemo({ connection, session, stage }, { code, own, text: options.say })
    })
}

/** Settings in the environment are those of a server that `npm start` starts, never those of a `parley dev`. */
function connectionFor(options: DemoOptions): Connection {
  const world = findWorld(options)
  if (!world) return findConnection(options, process.env)
  return findConnection({ url: world.url, data: world.dataDir }, {})
}

function readOwn(path: string): OwnFunction {
  const file = fromCaller(path)
  if (!existsSync(file)) throw new Error(`There is no "${path}" in ${callersFolder()}`)
  const language = /\.[cm]?ts$/.test(file) ? 'typescript' : undefined
  return { file: basename(file), code: readGivenFile(file), language }
}
