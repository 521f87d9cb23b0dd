import { connectionsThatFit } from '#base/http'
import { readConfig } from '#config'
import { keptInShort } from '#server/privacy'
import type { Context } from './context.ts'

/** What `npm start` prints: the addresses, and at the first start the credentials. */
export function welcome(
  { config, ports, sandbox, store, firstRun, databaseHome }: Context,
  startedInMs: number,
): string {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  const url = config.publicUrl?.replace(/\/$/, '') ?? `http://${host}:${ports.http}`
  const { accountId } = config.firstRun
  const inShell = (command: string) =>
    [...otherSettings(config.dataDir, ports.http), command].join(' ')
  const trust = config.ownCertificate
    ? 'with your own certificate'
    : `${inShell('npm run parley -- trust')} says how to trust it`
  const lines = [
    `Parley is ready after ${(startedInMs / 1000).toFixed(1)} s`,
    '',
    'Open in a browser',
    `  Console             ${url}/console`,
    `  Agent workspace     ${url}/workspace`,
    `  Consumer page       ${url}/consumer/${accountId}`,
    `  API page            ${url}/api/v1`,
    `  Health              ${url}/health`,
    '',
    'For programs',
    `  HTTP and WebSocket  ${url}`,
    `  With TLS            https://${host}:${ports.tls} (${trust})`,
    `  Account             ${accountId}`,
    `  Data                ${config.dataDir}`,
    ...(databaseHome === undefined || databaseHome.startsWith(config.dataDir)
      ? []
      : [`  Database            ${databaseHome} (a backup needs both folders)`]),
    `  Logs                standard error, level ${config.logLevel} (PARLEY_LOG_LEVEL); those of functions: ${inShell('npm run parley -- logs')}`,
  ]
  const { limit, each } = connectionsThatFit(config.connections)
  const { processors, instancesMb, memoryMb, queuedCalls } = sandbox.limits
  lines.push(
    '',
    'Limits of this node, which fit this machine unless settings say otherwise (docs/settings.md)',
    `  Connections         ${limit}, of one address ${each}; to the database ${store.connections}`,
    `  Functions           ${processors} processors, ${Math.floor(instancesMb)} MB, of one instance ${memoryMb} MB; ${queuedCalls} calls wait`,
    `  Too much to do      refused with 503, or 429, from ${config.overloadMs} ms of delay on`,
  )
  if (firstRun) {
    const { admin, agents, skillIds, client, apiKey } = firstRun
    lines.push(
      '',
      `The account was made just now. These credentials are shown once; they are kept in ${config.dataDir}/first-run.json`,
      `  Administrator       ${admin.user} / ${admin.password}`,
      ...agents.map(({ user, password }) => `  Agent               ${user} / ${password}`),
      `  Skills              ${skillIds.join(', ')}`,
      `  OAuth2 application  ${client.id} / ${client.secret}`,
      `  OAuth1 keys         ${[apiKey.appKey, apiKey.secret, apiKey.accessToken, apiKey.accessTokenSecret].join(':')}`,
      '',
      'What is kept how long, unless the settings of the account say otherwise (docs/kept-data.md)',
      ...keptInShort().map((line) => `  ${line}`),
    )
  }
  lines.push(
    '',
    `Next: sign in to the console; or ${inShell('npm run demo')}, in another terminal. To stop: Ctrl-C`,
    '',
  )
  return lines.join('\n')
}

/** What a command in another terminal must be told, as a shell takes it: by itself it would take another folder or port. */
function otherSettings(dataDir: string, port: number): string[] {
  const usual = readConfig({})
  const folder = /^[\w./-]+$/.test(dataDir)
    ? dataDir
    : `'${dataDir.replaceAll("'", String.raw`'\''`)}'`
  return [
    ...(dataDir === usual.dataDir ? [] : [`PARLEY_DATA=${folder}`]),
    ...(port === usual.port ? [] : [`PARLEY_PORT=${port}`]),
  ]
}
