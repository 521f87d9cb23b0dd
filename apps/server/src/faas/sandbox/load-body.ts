import type { LoadBody } from '@parley/toolbelt/protocol'
import { OWN_HOSTS } from '#base/http'
import type { Limits } from './limits.ts'
import type { FunctionVersion } from './types.ts'

/** The name of the source in stack traces. */
const SOURCE_NAME = 'index.js'

/** What turns an instance of the warm pool into an instance of one version. */
export function loadBody(
  version: FunctionVersion,
  { resultBytes }: Limits,
  clockOffset: number,
  ca: string | undefined,
  sourceUrl?: string,
): LoadBody {
  const { accountId, code, delivers, env, functionId, lineOffset = 0, replays } = version
  return {
    code,
    name: SOURCE_NAME,
    delivers,
    env: { NODE_ENV: 'production', ...env, BRAND_ID: accountId, LAMBDA_UUID: functionId },
    lineOffset,
    ...(sourceUrl !== undefined && { sourceUrl }),
    ...(replays !== undefined && replays !== 'allowed' && { replays: true }),
    clockOffset,
    resultBytes,
    egress: {
      internalHosts: [...OWN_HOSTS],
      ...(ca === undefined ? {} : { internalCa: ca }),
    },
  }
}
