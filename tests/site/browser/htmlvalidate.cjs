// The recommended rules, but for those that mail cannot follow.
module.exports = {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // Lines of mail are kept as they were sent: a signature begins with "-- ".
    "no-trailing-whitespace": "off",
    // A page of a mail is called by its subject, as long as that is.
    "long-title": "off",
  },
};
