import { type SettingName, SETTINGS } from './settings.ts'

const SHOWN = [
  'PARLEY_PORT',
  'PARLEY_HOST',
  'PARLEY_DATA',
  'DATABASE_URL',
  'PARLEY_PUBLIC_URL',
] as const satisfies SettingName[]

/** What `--help` prints: the settings that most need. */
export function usage(): string {
  const settings = SHOWN.map((name) => `  ${name.padEnd(18)} ${SETTINGS[name].meaning}`)
  return `Usage: npm start

Starts the server. Its settings are environment variables, among them:

${settings.join('\n')}

All of them are in docs/settings.md.
`
}
