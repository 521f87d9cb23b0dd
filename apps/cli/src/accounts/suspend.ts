import { suspendAccount } from '@parley/contract'
import { Command } from 'commander'
import { callAsOperator, forOperator, operatorEndpoint, type OperatorOptions } from './operator.ts'
import { writeOut } from '../visible.ts'

interface SuspendOptions extends OperatorOptions {
  reason?: string
}

export function suspendCommand(): Command {
  return forOperator(
    new Command('suspend').description('suspend an account: nothing works in it, nothing is lost'),
  )
    .argument('<account>', 'its id')
    .option('--reason <text>', 'kept in the audit')
    .addHelpText('after', '\nExample:\n  parley accounts suspend shop\n')
    .action(async (accountId: string, { reason, ...options }: SuspendOptions) => {
      await callAsOperator(operatorEndpoint(options, accountId), suspendAccount, {
        body: { reason },
      })
      writeOut(`Account ${accountId} is suspended\n`)
    })
}
