import { expect, test } from 'vitest'
import { toCsvLines } from './index.ts'

const FIELDS = ['', 'plain', 'a,b', 'a;b', 'say "hi"', 'two\nlines', 'one\rline', ' space ', '0']

test('fields are quoted where the form demands it', () => {
  expect(toCsvLines([FIELDS], { delimiter: ',', lineEnd: '\r\n', withoutFormulas: true })).toBe(
    ',plain,"a,b",a;b,"say ""hi""","two\nlines","one\rline", space ,0\r\n',
  )
  expect(toCsvLines([FIELDS], { delimiter: ';', lineEnd: '\n', withoutFormulas: false })).toBe(
    ';plain;a,b;"a;b";"say ""hi""";"two\nlines";"one\rline"; space ;0\n',
  )
})

test('what a spreadsheet would take for a formula is text', () => {
  const row = ['=1+1', '+1', '-1', '@x', '\tx', '\rx', '=a,b', 'a=b']
  expect(toCsvLines([row], { delimiter: ',', lineEnd: '\r\n', withoutFormulas: true })).toBe(
    `'=1+1,'+1,'-1,'@x,'\tx,"'\rx","'=a,b",a=b\r\n`,
  )
})
