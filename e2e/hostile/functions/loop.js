// tries: to never end
// must: time limit
function lambda() {
  while (true);
}
