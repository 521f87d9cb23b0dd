import type { LoadBody } from './harness/protocol.ts'
import type { Limits } from './limits.ts'
import type { FunctionVersion } from './types.ts'

/** The name of the source in stack traces. */
const SOURCE_NAME = 'lambda.js'

/** What a blank needs to become an instance of one version. */
export function loadBody(
  version: FunctionVersion,
  limits: Limits,
  clockOffset: number,
  egress: LoadBody['egress'],
): LoadBody {
  const { accountId, code, delivers, env, functionId, lineOffset = 0 } = version
  const { resultBytes, logEntries, logCharacters } = limits
  return {
    code,
    name: SOURCE_NAME,
    delivers,
    env: { NODE_ENV: 'production', ...env, BRAND_ID: accountId, LAMBDA_UUID: functionId },
    lineOffset,
    clockOffset,
    limits: { resultBytes, logEntries, logCharacters },
    egress,
  }
}
