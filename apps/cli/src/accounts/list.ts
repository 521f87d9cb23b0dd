import { listAccounts, type OperatedAccount } from '@parley/contract'
import { Command } from 'commander'
import { print, table } from '../table.ts'
import { callAsOperator, forOperator, operatorEndpoint, type OperatorOptions } from './operator.ts'

interface ListOptions extends OperatorOptions {
  json?: boolean
}

/** Lists all accounts of a server. */
export function listCommand(): Command {
  return forOperator(new Command('list').description('list the accounts of the server'))
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  parley accounts list\n')
    .action(async ({ json, ...options }: ListOptions) => {
      const endpoint = operatorEndpoint(options)
      const accounts: OperatedAccount[] = []
      let after: string | undefined
      do {
        const page = await callAsOperator(endpoint, listAccounts, { query: { limit: 500, after } })
        accounts.push(...page.accounts)
        after = page.next
      } while (after !== undefined)
      const rows = accounts.map(({ accountId, state, createdAt, name }) => [
        accountId,
        state,
        createdAt.slice(0, 10),
        name,
      ])
      print(json, accounts, table(['ACCOUNT', 'STATE', 'SINCE', 'NAME'], rows))
    })
}
