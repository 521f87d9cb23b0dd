export { type LocalAnswer, runProject } from './run-project.ts'
