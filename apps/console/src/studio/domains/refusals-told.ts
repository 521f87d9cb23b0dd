import { told, type Told } from '../words/told.ts'

const REFUSALS: Told = [
  ['{} is not on the list of allowed domains', '{} steht nicht auf der Liste erlaubter Domains'],
  ['{} is a private or local target', '{} ist ein privates oder lokales Ziel'],
  ['{} could not be resolved', 'Zu {} gibt es keine Adresse'],
  ['{} is not served by this node', 'Dieser Server bedient {} nicht'],
  ['{} does not answer', '{} antwortet nicht'],
  ['Too many open connections', 'Zu viele offene Verbindungen'],
]

/** Why a call of a function was not let out. */
export function refusalTold(text: string): string {
  return told(REFUSALS, text)
}
