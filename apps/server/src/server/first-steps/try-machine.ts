import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { folderProblem, messageOf, systemMonotonic } from '#base/kernel'
import { certificateFlaw, chainFlaw, isPair, keyFlaw } from '#base/tls'
import type { Config } from '#config'

/** So long a port may still belong to a process that was killed. */
const PORT_PATIENCE_MS = 2_000
const PORT_POLL_MS = 50

type Tried = Pick<Config, 'host' | 'port' | 'tlsPort' | 'dataDir' | 'ownCertificate'>

/**
 * Tries what the settings ask of the machine, before anything is made: ports, files, the data directory.
 * @throws an `Error` that names each wrong setting with its value, the reason, and what to do
 */
export async function tryMachine(config: Tried, stopping?: AbortSignal): Promise<void> {
  const { host, port, tlsPort, ownCertificate, dataDir } = config
  const problems = [
    await portProblem('PARLEY_PORT', host, port, stopping),
    await portProblem('PARLEY_TLS_PORT', host, tlsPort, stopping),
    ...(ownCertificate ? certificateProblems(ownCertificate) : []),
  ].filter((problem) => problem !== undefined)
  // The folder is made only if all else is right.
  const folder = problems.length === 0 ? folderProblem(dataDir) : undefined
  if (folder !== undefined) problems.push(`PARLEY_DATA=${dataDir}: ${folder}`)
  if (problems.length === 0) return
  const lines = [...new Set(problems)].map((problem) => `  ${problem}`)
  throw new Error(['Cannot start:', ...lines].join('\n'))
}

async function portProblem(
  setting: string,
  host: string,
  port: number,
  stopping: AbortSignal | undefined,
): Promise<string | undefined> {
  const monotonic = systemMonotonic()
  const giveUpAt = monotonic.now() + PORT_PATIENCE_MS
  for (;;) {
    const error = await portError(host, port)
    if (error === undefined) return undefined
    if (!isInUse(error) || stopping?.aborted || monotonic.now() > giveUpAt)
      return describePortError(error, setting, host, port)
    await monotonic.sleep(PORT_POLL_MS)
  }
}

function portError(host: string, port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen({ host, port }, () => server.close(() => resolve(undefined)))
  })
}

function isInUse(error: Error): boolean {
  return 'code' in error && error.code === 'EADDRINUSE'
}

/** @returns the name and value of the setting, and its rule */
export function describePortError(
  error: unknown,
  setting: string,
  host: string,
  port: number,
): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE') {
    return `${setting}=${port}: the port is in use on ${host}; end the program that has it, or set ${setting} to another one`
  }
  if (code === 'EACCES') {
    return `${setting}=${port}: this user may not listen on this port; take one from 1024`
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `PARLEY_HOST=${host}: must be an address or a name of this machine (${code})`
  }
  return `${setting}=${port}: cannot listen on ${host}: ${messageOf(error)}`
}

function certificateProblems({
  certificatePath,
  keyPath,
}: {
  certificatePath: string
  keyPath: string
}): (string | undefined)[] {
  const certificate = readPart(certificatePath, certificateFlaw)
  const key = readPart(keyPath, keyFlaw)
  if (isGood(certificate) && isGood(key)) {
    const pair = { certificate: certificate.pem, key: key.pem }
    if (!isPair(pair)) {
      return [`PARLEY_TLS_KEY=${keyPath}: must be the key of the certificate in ${certificatePath}`]
    }
    const chain = { pem: certificate.pem, flaw: chainFlaw(pair) }
    return [problemOf(chain, `PARLEY_TLS_CERT=${certificatePath}`, 'a chain that TLS can use')]
  }
  return [
    problemOf(certificate, `PARLEY_TLS_CERT=${certificatePath}`, 'a certificate in PEM'),
    problemOf(key, `PARLEY_TLS_KEY=${keyPath}`, 'a private key in PEM without a password'),
  ]
}

type Part = { pem: string; flaw: string | undefined } | { unreadable: unknown }

function readPart(path: string, flawOf: (pem: string) => string | undefined): Part {
  try {
    const pem = readFileSync(path, 'utf8')
    return { pem, flaw: flawOf(pem) }
  } catch (unreadable) {
    return { unreadable }
  }
}

function isGood(part: Part): part is { pem: string; flaw: undefined } {
  return 'pem' in part && part.flaw === undefined
}

function problemOf(part: Part, named: string, what: string): string | undefined {
  if ('unreadable' in part) {
    return `${named}: must be a file that can be read: ${messageOf(part.unreadable)}`
  }
  return part.flaw === undefined ? undefined : `${named}: must be ${what}: ${part.flaw}`
}
