import { join, resolve } from 'node:path'

const { PARLEY_FAULTS_SERVER } = process.env

/** Whether scripts run the server of another checkout, which may lack what they only ask in passing. */
export const isEarlierServer = PARLEY_FAULTS_SERVER !== undefined

/** The checkout whose server runs: this one, or another, earlier one, to see what a fault does to it. */
export const serverFolder =
  PARLEY_FAULTS_SERVER === undefined
    ? join(import.meta.dirname, '..', '..')
    : resolve(PARLEY_FAULTS_SERVER)
