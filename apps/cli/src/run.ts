import { join, resolve } from 'node:path'
import { runFolder } from '@parley/server/local-run'
import { Command } from 'commander'

interface RunOptions {
  data: string
  account: string
}

/** Runs a function of a project folder in the real sandbox, without a server. */
export function runCommand(): Command {
  return new Command('run')
    .description(
      'run the function of a project folder in the sandbox, as "lpf invoke --local" does',
    )
    .argument('<folder>', 'folder with index.js and config.json; settings.json stands beside it')
    .option('--account <id>', 'account id that the function sees', '12345678')
    .option(
      '--data <folder>',
      'where the sandbox keeps what it has built',
      process.env['PARLEY_DATA'] ?? '.parley',
    )
    .action(async (folder: string, { data, account }: RunOptions) => {
      // `npm run` goes to the folder of Parley first; the person has asked from another one.
      const from = process.env['INIT_CWD'] ?? process.cwd()
      const answer = await runFolder(resolve(from, folder), {
        cacheDir: resolve(join(data, 'sandbox')),
        accountId: account,
      })
      process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
      if ('errorCode' in answer) process.exitCode = 1
    })
}
