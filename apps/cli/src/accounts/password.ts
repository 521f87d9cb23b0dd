import { setAdminPassword } from '@parley/contract'
import { Command } from 'commander'
import { print } from '../table.ts'
import { PASSWORD_HELP, withAdminPassword } from './admin-password.ts'
import { callAsOperator, forOperator, operatorEndpoint, type OperatorOptions } from './operator.ts'

interface PasswordOptions extends OperatorOptions {
  admin?: string
  json?: boolean
}

/** Lets an administrator in who has lost the password. */
export function passwordCommand(): Command {
  return forOperator(
    new Command('password').description('give an administrator who has lost it a new password'),
  )
    .argument('<account>', 'its id')
    .option('--admin <name>', 'login name, where there is more than one administrator')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
${PASSWORD_HELP}
The administrator's sessions end, and the audit of the account has it.

Example:
  parley accounts password shop --admin ada@example.com
`,
    )
    .action(async (accountId: string, { admin, json, ...options }: PasswordOptions) => {
      const { answer, shown } = await withAdminPassword(
        (password) =>
          callAsOperator(operatorEndpoint(options, accountId), setAdminPassword, {
            body: { password, ...(admin !== undefined && { loginName: admin }) },
          }),
        (password) => `If it was set all the same, the password is ${password}`,
      )
      print(
        json,
        answer,
        `A new password is set in account ${accountId}\n  Administrator  ${answer.admin.user}\n  Password       ${shown}\n`,
      )
    })
}
