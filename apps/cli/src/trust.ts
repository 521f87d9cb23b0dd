import type { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates } from 'node:tls'
import { Command } from 'commander'
import { readAuthority, readTrusted } from './authority.ts'
import { dataFolder } from './folders.ts'
import { writeOut } from './visible.ts'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Each certificate once. */
function joinCertificates(...texts: string[]): string {
  const all = texts.flatMap((text) => text.match(CERTIFICATE) ?? [])
  return `${[...new Set(all)].join('\n')}\n`
}

/** What the system trusts: `CURL_CA_BUNDLE` replaces it, so it must be in there. */
function systemAuthorities(): string {
  const system = getCACertificates('system')
  return (system.length > 0 ? system : getCACertificates('bundled')).join('\n')
}

/** Writes what is trusted already together with the server's authority; the two files. */
function writeJoined(authority: string, env: NodeJS.ProcessEnv): { node: string; curl: string } {
  const folder = join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'parley')
  mkdirSync(folder, { recursive: true })
  const files = {
    node: join(folder, 'trusted-by-node.pem'),
    curl: join(folder, 'trusted-by-curl.pem'),
  }
  const curl =
    readTrusted(env, 'CURL_CA_BUNDLE') ?? readTrusted(env, 'SSL_CERT_FILE') ?? systemAuthorities()
  writeFileSync(
    files.node,
    joinCertificates(readTrusted(env, 'NODE_EXTRA_CA_CERTS') ?? '', authority),
  )
  writeFileSync(files.curl, joinCertificates(curl, authority))
  return files
}

/** Prints how programs on this machine are made to trust the server's HTTPS, beside what they trust already. */
function instructions(authority: X509Certificate, files: { node: string; curl: string }): string {
  return `# ${authority.subject}, valid until ${authority.validTo}
# SHA-256 ${authority.fingerprint256}
# It can vouch for this machine's names, its public address and the loopback only. What was trusted before is in these files, too.
# For this shell: eval "$(npm run --silent parley -- trust)"
export NODE_EXTRA_CA_CERTS=${JSON.stringify(files.node)}
export CURL_CA_BUNDLE=${JSON.stringify(files.curl)}
`
}

export function trustCommand(): Command {
  return new Command('trust')
    .description("print what to export so that programs trust the server's certificate, too")
    .option('--data <folder>', 'data directory of the server (default: .parley)')
    .addHelpText('after', '\nExample:\n  eval "$(parley trust)"\n')
    .action((options: { data?: string }) => {
      const file = join(dataFolder(options.data), 'tls', 'machine-ca.pem')
      if (!existsSync(file)) {
        throw new Error(`No ${file}: start Parley first, or name its data directory with --data`)
      }
      const { pem, certificate } = readAuthority(file)
      writeOut(instructions(certificate, writeJoined(pem, process.env)))
    })
}
