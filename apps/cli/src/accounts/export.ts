import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { RequestError } from '@parley/client'
import { exportAccount } from '@parley/contract'
import { Command } from 'commander'
import { explain, forOperator, operatorEndpoint, type OperatorOptions } from './operator.ts'

interface ExportOptions extends OperatorOptions {
  to?: string
}

const SHOW_EVERY_ROWS = 1000

/** Writes all that an account has into one file of JSON lines. */
export function exportCommand(): Command {
  return forOperator(new Command('export').description('write all that an account has to a file'))
    .argument('<account>', 'its id')
    .option('--to <file>', 'file to write (default: <account>.jsonl)')
    .addHelpText('after', '\nExample:\n  parley accounts export shop --to shop.jsonl\n')
    .action(async (accountId: string, { to = `${accountId}.jsonl`, ...options }: ExportOptions) => {
      const { url, bearer } = operatorEndpoint(options)
      const path = exportAccount.path.replace(':accountId', encodeURIComponent(accountId))
      const answer = await fetch(new URL(path, url), {
        headers: { authorization: `Bearer ${bearer}` },
      })
      if (!answer.ok || !answer.body) {
        const body: unknown = await answer.json()
        throw new Error(explain(new RequestError(`GET ${path}`, answer.status, body)))
      }
      const count = await write(Readable.from(answer.body), to)
      process.stdout.write(`${count} rows of account ${accountId} are in ${to}\n`)
    })
}

/** Line by line; the file has its name only when the archive is whole. */
async function write(body: Readable, to: string): Promise<number> {
  const draft = `${to}.part`
  const file = createWriteStream(draft, { mode: 0o600 })
  let count = 0
  let last = ''
  for await (const line of createInterface({ input: body, crlfDelay: Infinity })) {
    if (!file.write(`${line}\n`)) await new Promise((resolve) => file.once('drain', resolve))
    last = line
    count += line.startsWith('{"table":') ? 1 : 0
    if (count % SHOW_EVERY_ROWS === 0) process.stderr.write(`\r${count} rows`)
  }
  await new Promise<void>((resolve, reject) => {
    file.once('error', reject)
    file.end(resolve)
  })
  process.stderr.write(`\r${count} rows\n`)
  if (!last.startsWith('{"end":true')) {
    throw new Error(`The export was cut off: ${draft} is not whole. Run it again`)
  }
  await rename(draft, to)
  return count
}
