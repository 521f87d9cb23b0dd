import { resumeAccount } from '@parley/contract'
import { Command } from 'commander'
import { callAsOperator, forOperator, operatorEndpoint, type OperatorOptions } from './operator.ts'
import { writeOut } from '../visible.ts'

export function resumeCommand(): Command {
  return forOperator(
    new Command('resume').description('resume a suspended account: what waited goes on'),
  )
    .argument('<account>', 'its id')
    .addHelpText('after', '\nExample:\n  parley accounts resume shop\n')
    .action(async (accountId: string, options: OperatorOptions) => {
      await callAsOperator(operatorEndpoint(options, accountId), resumeAccount)
      writeOut(`Account ${accountId} works again\n`)
    })
}
