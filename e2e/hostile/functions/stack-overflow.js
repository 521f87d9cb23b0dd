// tries: to use up the stack
// must: dies alone
function lambda() {
  const down = () => down() + 1
  return down()
}
