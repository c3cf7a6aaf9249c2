// A label that is made while one labels.

import { refreshStatus, routes, status } from "./project.js";

export const bare = ({ name, description, speaks_for, speaks_against }) => ({
  name,
  description,
  speaks_for,
  speaks_against,
});

// Is done once the project has the label.
export async function addLabel(name) {
  await refreshStatus(); // others may have added some: all are written
  if (status.labels.some((one) => one.name === name)) return;
  const fresh = { name, description: "", speaks_for: [], speaks_against: [] };
  await routes.setLabels([...status.labels.map(bare), fresh]);
  await refreshStatus();
}
