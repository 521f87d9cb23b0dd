// Plain JavaScript for Node 20: this runs before anything is installed.
import { execFile } from 'node:child_process'
import { connect } from 'node:net'
import process from 'node:process'

const PATIENCE_MS = 8_000
const DEFAULT_PORTS = { 'http:': 80, 'https:': 443 }

/** What npm takes from its settings, wherever they stand. Its own default when npm cannot be asked. */
function npmSetting(npm, cwd, name) {
  return new Promise((resolve) => {
    const [program, ...args] = npm
    execFile(
      program,
      [...args, 'config', 'get', name],
      { cwd, timeout: 5_000 },
      (error, stdout) => {
        const value = String(stdout).trim()
        resolve(error || value === 'null' || value === 'undefined' ? '' : value)
      },
    )
  })
}

/** The host that an install dials first: the proxy's, where there is one, else the registry's. */
async function firstHop(npm, cwd) {
  const [registry, configured] = await Promise.all([
    npmSetting(npm, cwd, 'registry'),
    npmSetting(npm, cwd, 'https-proxy'),
  ])
  const { env } = process
  const proxy = configured || env.https_proxy || env.HTTPS_PROXY || env.http_proxy || env.HTTP_PROXY
  return URL.canParse(proxy)
    ? new URL(proxy)
    : URL.canParse(registry)
      ? new URL(registry)
      : undefined
}

/**
 * Why packages cannot be fetched, within ten seconds: `undefined` when the registry, or the proxy before it, answers.
 * @param {string[]} npm program and arguments that start npm
 */
export async function registryProblem(npm, cwd) {
  const url = await firstHop(npm, cwd)
  if (!url) return undefined
  const port = Number(url.port) || DEFAULT_PORTS[url.protocol] || 443
  const reason = await dial(url.hostname.replace(/^\[|\]$/g, ''), port)
  return reason && `${url.hostname}:${port} cannot be reached (${reason})`
}

function dial(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (reason) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(reason)
    }
    const timer = setTimeout(() => end(`no answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS)
    socket.once('connect', () => end(undefined))
    socket.once('error', (error) => end(error.code ?? error.message))
  })
}
