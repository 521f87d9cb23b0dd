export { checkText, fieldName } from './check-text.ts'
export { parseJson, readJson } from './read-json.ts'
export { unknownMembers } from './unknown-members.ts'
export { withoutNulls } from './without-nulls.ts'
