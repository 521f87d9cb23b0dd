import { Command } from 'commander'
import { callersFolder, fromCaller } from './folders.ts'

interface DevCommandOptions {
  data?: string
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
    .addHelpText(
      'after',
      `
A project has a folder functions with a folder for each function (index.js or index.ts, config.json) and settings.json, as
the published command line writes them. The server is on free ports of this machine, with a database of its own.

Examples:
  parley dev
  parley dev ../my-project --data temporary
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
        signal: stopping.signal,
        print: (text) => void process.stdout.write(text),
      })
    })
}
