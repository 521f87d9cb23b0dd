import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { RequestError } from '@parley/client'
import { exportAccount } from '@parley/contract'
import { Command } from 'commander'
import { whyUnwritten } from '../explain.ts'
import { fromCaller } from '../folders.ts'
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
      const file = fromCaller(to)
      const count = await write(Readable.from(answer.body), file)
      process.stdout.write(`${count} rows of account ${accountId} are in ${file}\n`)
    })
}

/** The file has its name only when the archive is whole. */
async function write(body: Readable, to: string): Promise<number> {
  const draft = `${to}.part`
  let count = 0
  let last = ''
  async function* counted(chunks: AsyncIterable<Uint8Array>) {
    for await (const line of linesOf(chunks)) {
      last = line
      count += line.startsWith('{"table":') ? 1 : 0
      if (count > 0 && count % SHOW_EVERY_ROWS === 0) process.stderr.write(`\r${count} rows`)
      yield `${line}\n`
    }
  }
  try {
    await pipeline(body, counted, createWriteStream(draft, { mode: 0o600 }))
  } catch (cause) {
    // An error of the system is one of the file: those of the connection are inside a `TypeError`.
    if (!(cause instanceof Error && 'syscall' in cause)) throw cutOff(draft, cause)
    throw unwritten(to, cause)
  }
  if (!last.startsWith('{"end":true')) throw cutOff(draft)
  process.stderr.write(`\r${count} rows\n`)
  await rename(draft, to).catch((cause: Error) => {
    throw unwritten(to, cause)
  })
  return count
}

function unwritten(to: string, cause: Error): Error {
  return new Error(`--to ${to}: cannot be written: ${whyUnwritten(to, cause)}`, { cause })
}

function cutOff(draft: string, cause?: unknown): Error {
  return new Error(`The export was cut off: ${draft} is not whole. Run it again`, { cause })
}

/** A line may be as long as a file that somebody has sent: each chunk is looked through once. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>) {
  const decoder = new TextDecoder()
  let parts: string[] = []
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n')
    parts.push(first)
    for (const next of others) {
      yield parts.join('')
      parts = [next]
    }
  }
  const last = parts.join('')
  if (last !== '') yield last
}
