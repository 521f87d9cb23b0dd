import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { type ConnectionOptions, findConnection } from './connection.ts'
import { runDemo } from './demo/run-demo.ts'
import { openStage } from './demo/stage.ts'

const WELCOME = join(import.meta.dirname, 'demo', 'welcome.js')

interface DemoOptions extends ConnectionOptions {
  code: string
  say: string
}

/** Plays one conversation against the running server: what the consumer sees, and what made it so. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('play a conversation that a deployed function answers')
    .option('--url <url>', 'address of the server (default: http://127.0.0.1:4800)')
    .option('--data <folder>', 'data directory of the server (default: .parley)')
    .option('--code <file>', 'function for Messaging New Conversation', WELCOME)
    .option('--say <text>', 'first message of the consumer', 'Hello! Is anybody there?')
    .action(async (options: DemoOptions) => {
      const connection = findConnection(options, process.env)
      const code = readFileSync(options.code, 'utf8')
      // The reader of the output may end (`| head`): the demo still cleans up.
      process.stdout.on('error', () => undefined)
      const stage = openStage(process.stdout)
      await runDemo({ connection, stage }, { code, text: options.say })
    })
}
