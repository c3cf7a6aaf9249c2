// Of several questions to the server only the last one's answer is shown: an earlier one
// may come later.
export function lastOnly() {
  let last = 0;
  return () => {
    last += 1;
    const mine = last;
    return () => mine === last; // asked once the answer is there
  };
}
