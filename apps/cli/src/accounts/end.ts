import { createInterface } from 'node:readline/promises'
import { endAccount } from '@parley/contract'
import { Command } from 'commander'
import { callAsOperator, forOperator, operatorEndpoint, type OperatorOptions } from './operator.ts'
import { writeOut } from '../visible.ts'

interface EndOptions extends OperatorOptions {
  confirm?: string
}

export function endCommand(): Command {
  return forOperator(
    new Command('end').description('delete a suspended account and all that it has, for good'),
  )
    .argument('<account>', 'its id')
    .option('--confirm <account>', 'its id once more; asked for at a terminal')
    .addHelpText('after', '\nExample:\n  parley accounts end shop --confirm shop\n')
    .action(async (accountId: string, { confirm, ...options }: EndOptions) => {
      const endpoint = operatorEndpoint(options, accountId)
      const body = { confirm: confirm ?? (await askAgain(accountId)) }
      await callAsOperator(endpoint, endAccount, { body })
      writeOut(
        `Account ${accountId} is being ended; it is gone when accounts list no longer shows it\n`,
      )
    })
}

async function askAgain(accountId: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new Error(
      `Say the id once more: --confirm ${accountId}. There is no way back; an export keeps what it has`,
    )
  }
  using lines = createInterface({ input: process.stdin, output: process.stderr })
  return await lines.question(
    `Everything of account ${accountId} will be deleted, for good. Its id once more: `,
  )
}
