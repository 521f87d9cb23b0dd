export { type LocalAnswer, runFolder } from './run-folder.ts'
