// tries: to never let the loop turn
// must: time limit
function lambda() {
  const again = () => {
    Promise.resolve().then(again2)
  }
  const again2 = () => {
    again()
  }
  again()
}
