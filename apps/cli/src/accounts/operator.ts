import { call, type CallInput, type Endpoint, RequestError } from '@parley/client'
import type { RouteSpec } from '@parley/contract'
import type { Command } from 'commander'
import { serverUrl } from '../connection.ts'
import { reasonOf } from '../explain.ts'
import { serverAddress } from '../option-values.ts'

export interface OperatorOptions {
  url?: string
}

/** The key comes from the environment only: arguments of commands are seen by everybody on the machine. */
const KEY = 'PARLEY_OPERATOR_KEY'

/** Adds the option that says which server a command of the operator talks to. */
export function forOperator(command: Command): Command {
  return command.option(
    '--url <url>',
    'address of the server (default: that of this machine)',
    serverAddress,
  )
}

/** @throws an `Error` that says what to do where there is no key */
export function operatorEndpoint(
  { url }: OperatorOptions,
  accountId = '',
): Endpoint & { bearer: string } {
  const bearer = process.env[KEY]
  if (bearer) return { url: serverUrl(url), accountId, bearer }
  throw new Error(`Set ${KEY} to the key of the operator: the server has the same setting`)
}

/** Calls an operation of the operator's API. @throws an `Error` that says what is wrong, in words for an operator */
export async function callAsOperator<Spec extends RouteSpec & { auth: 'operator' }>(
  endpoint: Endpoint & { bearer: string },
  spec: Spec,
  input?: CallInput<Spec>,
) {
  try {
    return await call(endpoint, spec, input)
  } catch (cause) {
    throw cause instanceof RequestError ? new Error(explain(cause), { cause }) : cause
  }
}

/** What an answer of 400 or above means to an operator. */
export function explain(refused: RequestError): string {
  const reason = reasonOf(refused)
  if (refused.status === 401) return `${reason}: ${KEY} must be the setting of the server`
  if (refused.status === 404 && !reason.startsWith('There is no account')) {
    return `The server has no operator's API: start it with the setting ${KEY}`
  }
  return reason
}
