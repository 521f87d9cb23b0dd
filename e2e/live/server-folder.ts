import { join, resolve } from 'node:path'

const { PARLEY_FAULTS_SERVER } = process.env

/** The checkout whose server runs: this one, or another, earlier one, to see what a fault does to it. */
export const serverFolder =
  PARLEY_FAULTS_SERVER === undefined
    ? join(import.meta.dirname, '..', '..')
    : resolve(PARLEY_FAULTS_SERVER)
