import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { dataFolder } from './folders.ts'

/** Prints how programs on this machine are made to trust the server's HTTPS. */
function instructions(file: string, authority: X509Certificate): string {
  return `# ${authority.subject}, valid until ${authority.validTo}
# SHA-256 ${authority.fingerprint256}
# It can vouch for this machine's names and the loopback only.
# For this shell: eval "$(npm run --silent parley -- trust)"
export NODE_EXTRA_CA_CERTS=${JSON.stringify(file)}
export CURL_CA_BUNDLE=${JSON.stringify(file)}
`
}

export function trustCommand(): Command {
  return new Command('trust')
    .description("print what to export so that programs trust the server's certificate")
    .option('--data <folder>', 'data directory of the server (default: .parley)')
    .action((options: { data?: string }) => {
      const file = join(dataFolder(options.data), 'tls', 'machine-ca.pem')
      if (!existsSync(file)) {
        throw new Error(`No ${file}: start Parley first, or name its data directory with --data`)
      }
      process.stdout.write(instructions(file, new X509Certificate(readFileSync(file))))
    })
}
