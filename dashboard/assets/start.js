/* Starts Dash, once every script that it needs is there. */
window.renderer = new window.DashRenderer({ request_pre: null, request_post: null });
