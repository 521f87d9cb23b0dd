import { Command } from 'commander'
import { callersFolder, fromCaller } from './folders.ts'
import { writeOut } from './visible.ts'

const INSPECT_PORT = '9229'

interface DevCommandOptions {
  data?: string
  inspect?: string
  inspectPort: string
}

/** The whole world of a project on this machine. */
export function devCommand(): Command {
  return new Command('dev')
    .description(
      'run a whole Parley for a project: functions reloaded at save, conversations, mails',
    )
    .argument('[folder]', 'folder of the project (default: this one)')
    .option(
      '--data <folder>',
      'where its data are (default: .parley in the project; "temporary" keeps none)',
    )
    .option('--inspect <function>', 'let a debugger attach to this function')
    .option('--inspect-port <port>', 'port of 127.0.0.1 for the debugger', INSPECT_PORT)
    .addHelpText(
      'after',
      `
A project has a folder functions with a folder for each function (index.js or index.ts, config.json) and settings.json, as
the published command line writes them. The server is on free ports of this machine, with a database of its own.

Examples:
  parley dev
  parley dev ../my-project --data temporary
  parley dev --inspect welcome
`,
    )
    .action(async (given: string | undefined, options: DevCommandOptions) => {
      // Loaded only now: it brings the compiler of functions with it.
      const { runDev } = await import('./dev/run-dev.ts')
      const stopping = new AbortController()
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.on(name, () => stopping.abort())
      }
      const data = options.data
      await runDev({
        folder: given === undefined ? callersFolder() : fromCaller(given),
        data: data === undefined || data === 'temporary' ? data : fromCaller(data),
        clock: 'virtual',
        inspect:
          options.inspect === undefined
            ? undefined
            : { name: options.inspect, port: portOf(options.inspectPort) },
        signal: stopping.signal,
        print: (text) => writeOut(text),
      })
    })
}

/** @throws an `Error` that names the option and its rule */
function portOf(given: string): number {
  const port = Number(given)
  if (/^\d+$/.test(given) && port >= 1 && port <= 65_535) return port
  throw new Error(`--inspect-port ${given}: must be a port: a whole number from 1 to 65535`)
}
