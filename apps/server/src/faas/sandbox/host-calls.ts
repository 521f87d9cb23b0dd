import { z } from 'zod'
import { ParleyError } from '#base/kernel'
import type { FunctionVersion, SandboxPorts } from './types.ts'

const Key = z.object({ key: z.string().max(100) })
const Entry = z.object({ key: z.string().max(100), value: z.unknown() })

/** Answers a call of the toolbelt for the function that the instance runs, whatever the arguments say. */
export async function answerHostCall(
  ports: SandboxPorts,
  { accountId, functionId }: FunctionVersion,
  kind: string,
  args: unknown,
): Promise<unknown> {
  if (kind === 'secret.read') {
    return ports.readSecret(accountId, functionId, checked(Key, args).key)
  }
  if (kind === 'secret.update') {
    const { key, value } = checked(Entry, args)
    return ports.updateSecret(accountId, functionId, key, value)
  }
  return ports.platformCall(accountId, functionId, kind, args)
}

function checked<T>(schema: z.ZodType<T>, args: unknown): T {
  const read = schema.safeParse(args)
  if (read.success) return read.data
  throw new ParleyError('invalid_request', z.prettifyError(read.error))
}
