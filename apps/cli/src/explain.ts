import { dirname } from 'node:path'
import { RequestError } from '@parley/client'
import * as z from 'zod'

/** What Node calls a certificate by an authority that it does not know. */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

export const TO_TRUST =
  'of a server on this machine, parley trust says what to export; of another one, name its authority in NODE_EXTRA_CA_CERTS'

/** Whether a request has failed at the certificate of the server. */
export function isUntrusted(thrown: unknown): boolean {
  return thrown instanceof Error && UNTRUSTED.has(firstCauseOf(thrown)?.code ?? '')
}

/** What has failed first: closing what was open has failed after it, mostly of the same. */
export function firstFailure(thrown: unknown): unknown {
  return thrown instanceof SuppressedError ? firstFailure(thrown.suppressed) : thrown
}

/** A person reads this: what is wrong, and what to do about it. */
export function explain(failure: unknown): string {
  const thrown = firstFailure(failure)
  if (!(thrown instanceof Error)) return String(thrown)
  if (thrown instanceof RequestError) return explainAnswer(thrown)
  if (thrown instanceof z.ZodError) return explainForm(thrown)
  if (isOfSystem(thrown)) return explainSystem(thrown)
  const cause = firstCauseOf(thrown)
  if (!(thrown instanceof TypeError) || !cause) return thrown.message
  const { code, address, port, message } = cause
  if (isUntrusted(thrown)) return `The certificate of the server is not trusted here: ${TO_TRUST}`
  if (code !== 'ECONNREFUSED') return `Cannot reach the server: ${message}`
  return `Nobody answers at ${address}:${port}: start Parley first (npm start), or name its address with --url`
}

function explainAnswer(answer: RequestError): string {
  const { status, requestId } = answer
  const reason = reasonOf(answer)
  if (status === 401) return `${reason}: log in with parley login`
  if (status < 500 || requestId === undefined) return reason
  return `${reason} (${status}; the server's log says more of request ${requestId})`
}

/** The sentence of the server without the envelope: of Parley's own API, or of the published one. */
export function reasonOf({ body, message }: RequestError): string {
  const { error } = (body ?? {}) as { error?: { message?: unknown } | string }
  const text = typeof error === 'object' ? error.message : error
  return typeof text === 'string' ? inOptions(text) : message
}

/** The server names members of a request; who has written a command knows its options: `query.conversationId` is `--conversation`. */
function inOptions(text: string): string {
  return text
    .replaceAll(/\bquery\.(\w+?)(?:Id)?(?:\.\d+)?(?=:)/g, '--$1')
    .replaceAll(/\bbody\.(?=[\w.]+:)/g, '')
}

/** What comes from outside is checked at the door: nearly always it is the answer of a server. */
function explainForm({ issues: [first] }: z.ZodError): string {
  const where = first?.path.length ? `${first.path.map(String).join('.')}: ` : ''
  return `The answer is none that this command line knows (${where}${first?.message}): the server may be of another version`
}

interface SystemError extends NodeJS.ErrnoException {
  code: string
}

/** Of files and programs; what a connection failed with has an address. */
function isOfSystem(thrown: Error): thrown is SystemError {
  if (!('code' in thrown) || typeof thrown.code !== 'string') return false
  return thrown.code === 'ERR_INVALID_URL' || 'path' in thrown
}

function explainSystem(thrown: SystemError & { input?: unknown; base?: unknown }): string {
  const { code, path, syscall = '', message, input, base } = thrown
  if (code === 'ERR_INVALID_URL') {
    return `"${String(base ?? input)}" is no address of a server, such as http://127.0.0.1:4800: correct --url, or the setting PARLEY_PORT`
  }
  if (code === 'ENOENT' && syscall.startsWith('spawn')) {
    return `There is no program "${path}": check its name, and whether it is installed`
  }
  if (code === 'ENOENT') {
    return `There is no file ${path}: check its name, and that of its folder`
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return `You may not ${syscall.startsWith('spawn') ? 'run' : 'use'} ${path}: check its permissions`
  }
  if (code === 'EISDIR') return `${path} is a folder: name a file`
  if (code === 'ENOTDIR') return `${path} leads through a file: check the names of its folders`
  return message
}

/** Why a file that a command writes cannot be written, and what to do. */
export function whyUnwritten(file: string, cause: NodeJS.ErrnoException): string {
  switch (cause.code) {
    case 'ENOENT':
      return `there is no folder ${dirname(file)}: make it, or name another file`
    case 'ENOTDIR':
      return `${dirname(file)} leads through a file: check the names of its folders`
    case 'EISDIR':
      return 'it is a folder: name a file'
    case 'EACCES':
    case 'EPERM':
      return `you may not write in ${dirname(file)}: check its permissions, or name another file`
    case 'ENOSPC':
      return `the disk of ${dirname(file)} is full: make room, or name a file on another one`
    default:
      return cause.message
  }
}

/** What `fetch` failed with; of several addresses of one name, at the first. */
function firstCauseOf({ cause }: Error): Refusal | undefined {
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause
  return first instanceof Error ? first : undefined
}

interface Refusal extends NodeJS.ErrnoException {
  address?: string
  port?: number
}
