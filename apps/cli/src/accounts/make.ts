import { makeAccount } from '@parley/contract'
import { Command } from 'commander'
import { print } from '../table.ts'
import { PASSWORD_HELP, withAdminPassword } from './admin-password.ts'
import { callAsOperator, forOperator, operatorEndpoint, type OperatorOptions } from './operator.ts'

interface MakeOptions extends OperatorOptions {
  name?: string
  admin: string
  json?: boolean
}

/** Makes an account with its first administrator. */
export function makeCommand(): Command {
  return forOperator(new Command('make').description('make an account'))
    .argument('<account>', '1 to 32 letters, digits or _')
    .option('--name <name>', 'what you call it')
    .option('--admin <name>', 'login name of its first administrator', 'admin')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
${PASSWORD_HELP}

Example:
  parley accounts make shop --name "The shop" --admin ada@example.com
`,
    )
    .action(async (accountId: string, { name, admin, json, ...options }: MakeOptions) => {
      const { answer, shown } = await withAdminPassword(
        (password) =>
          callAsOperator(operatorEndpoint(options), makeAccount, {
            body: { accountId, name, admin: { loginName: admin, password } },
          }),
        (password) =>
          `If the account was made all the same, the password of ${admin} is ${password}`,
      )
      print(
        json,
        answer,
        `Account ${accountId} is made\n  Administrator  ${admin}\n  Password       ${shown}\n`,
      )
    })
}
