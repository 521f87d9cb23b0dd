import { join } from 'node:path'
import { readGivenFile } from '@parley/server/given-file'
import type { LocalAnswer } from '@parley/server/local-run'
import { Command } from 'commander'
import { callersFolder, fromCaller, writableDataFolder } from './folders.ts'
import { writeNote, writeOut } from './visible.ts'

interface RunOptions {
  data?: string
  account: string
  event?: string
  payload?: string
}

/** Runs a function in the real sandbox, without a server. */
export function runCommand(): Command {
  return new Command('run')
    .description('run one function in the sandbox, without a server')
    .argument('<path>', 'a .js or .ts file, or a folder with index.js or index.ts')
    .option('--event <id>', 'take the sample of this event as input (default: that of config.json)')
    .option('--payload <json>', 'take this payload as input: JSON, or @file')
    .option('--account <id>', 'account id that the function sees', '12345678')
    .option('--data <folder>', 'where the sandbox keeps what it has built (default: .parley)')
    .addHelpText(
      'after',
      `
config.json (event, input, environmentVariables) stands beside the source, settings.json (secrets, whitelist) beside it
or one folder above, as the published command line writes them. Both may be missing.

Examples:
  parley run hello.js --event controllerbot_messaging_new_conversation
  parley run functions/hello
  parley run hello.ts --payload '{"name":"Ada"}'
`,
    )
    .action(async (path: string, options: RunOptions) => {
      const { findProject, inputOf } = await import('@parley/server/local-project')
      const cacheDir = join(writableDataFolder(options.data), 'sandbox')
      const project = await findProject(path, callersFolder())
      const payload = options.payload === undefined ? undefined : readPayload(options.payload)
      const input = inputOf(project, { event: options.event, payload })
      // Loaded only now: who has mistyped a name is told so at once.
      const { runProject } = await import('@parley/server/local-run')
      const answer = await runProject(project, input, {
        cacheDir,
        accountId: options.account,
        event: options.event,
        warn: (text) => writeNote(`Warning: ${text}\n`),
      })
      print(answer)
    })
}

function print(answer: LocalAnswer): void {
  writeOut(`${JSON.stringify(answer, null, 2)}\n`)
  if ('errorCode' in answer) process.exitCode = 1
}

/** @throws an `Error` when it is neither JSON nor `@` and the name of a file with JSON */
function readPayload(given: string): unknown {
  const file = given.startsWith('@') ? fromCaller(given.slice(1)) : undefined
  const text = file === undefined ? given : readGivenFile(file)
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new Error(`--payload: ${file ?? 'what is given'} is not JSON: ${String(cause)}`, {
      cause,
    })
  }
}
