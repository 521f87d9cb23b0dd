export { toCsv } from './export-logs.ts'
export { type Logs, openLogs } from './open.ts'
