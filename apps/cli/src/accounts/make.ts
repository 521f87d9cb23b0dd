import { randomBytes } from 'node:crypto'
import { makeAccount } from '@parley/contract'
import { Command } from 'commander'
import { print } from '../table.ts'
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
The administrator gets the password in PARLEY_ADMIN_PASSWORD; otherwise one is generated and shown once.

Example:
  parley accounts make shop --name "The shop" --admin ada@example.com
`,
    )
    .action(async (accountId: string, { name, admin, json, ...options }: MakeOptions) => {
      const given = process.env['PARLEY_ADMIN_PASSWORD']
      // Made here, so that it is not lost where the answer is.
      const password = given || randomBytes(12).toString('base64url')
      const made = await callAsOperator(operatorEndpoint(options), makeAccount, {
        body: { accountId, name, admin: { loginName: admin, password } },
      }).catch((cause: unknown) => {
        if (!(cause instanceof TypeError) || given) throw cause
        throw new Error(
          `No answer (${cause.message}). If the account was made all the same, the password of ${admin} is ${password}`,
          { cause },
        )
      })
      const shown = given ? 'that of PARLEY_ADMIN_PASSWORD' : password
      print(
        json,
        made,
        `Account ${accountId} is made\n  Administrator  ${admin}\n  Password       ${shown}\n`,
      )
    })
}
