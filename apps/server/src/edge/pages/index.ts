export { openPages } from './open.ts'
export { pageLanguage } from './page-language.ts'
