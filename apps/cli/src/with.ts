import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { port, portOf } from './option-values.ts'
import { callersFolder, dataFolder } from './folders.ts'
import { joinAuthorities } from './with/authorities.ts'
import { childEnvironment } from './with/child-environment.ts'

interface WithOptions {
  host: string
  port?: number
  tlsPort?: number
  data?: string
}

/** Runs a program to its end on this terminal; its exit code. */
function runOnTerminal(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const cwd = callersFolder(env)
  const child = spawn(program, args, { env, cwd, stdio: 'inherit' })
  // Ctrl-C reaches the child by the terminal; this process only waits for what it makes of it.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => void child.kill('SIGTERM'))
  return new Promise((finish, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) =>
      finish(code ?? 128 + constants.signals[signal ?? 'SIGTERM']),
    )
  })
}

/** Runs an unmodified published client against this server: `parley with -- lpf push f1`. */
export function withCommand(): Command {
  const { env } = process
  return new Command('with')
    .description('run a published client unmodified against this server')
    .usage('[options] -- <program> [arguments…]')
    .argument('<program>')
    .argument('[arguments...]')
    .option('--host <host>', 'where the server is', '127.0.0.1')
    .option('--port <port>', 'its HTTP port (default: PARLEY_PORT, or 4800)', port)
    .option('--tls-port <port>', 'its HTTPS port (default: PARLEY_TLS_PORT, or 4843)', port)
    .option('--data <folder>', 'its data directory (default: .parley)')
    .addHelpText('after', '\nExample:\n  parley with -- lpf push hello\n')
    .action(async (program: string, args: string[], options: WithOptions) => {
      const caFile = join(dataFolder(options.data), 'tls', 'vendor-ca.pem')
      if (!existsSync(caFile)) {
        throw new Error(`No ${caFile}: start Parley first, or name its data directory with --data`)
      }
      using authorities = joinAuthorities(caFile, env)
      const target = {
        host: options.host,
        port: options.port ?? portOf(env, 'PARLEY_PORT', 4800),
        tlsPort: options.tlsPort ?? portOf(env, 'PARLEY_TLS_PORT', 4843),
        caFile: authorities.file,
      }
      process.exitCode = await runOnTerminal(program, args, childEnvironment(env, target))
    })
}
