// A label that is made while one labels.

import { refreshStatus, routes, status } from "./project.js";

export const bare = ({ name, description, speaks_for, speaks_against }) => ({
  name,
  description,
  speaks_for,
  speaks_against,
});

// Gives the label's name, once the project has it.
export async function addLabel(name) {
  const fresh = { name, description: "", speaks_for: [], speaks_against: [] };
  await routes.setLabels([...status.labels.map(bare), fresh]);
  await refreshStatus();
  return name;
}
